// Types that the modules share. For the type checker and for readers: the gateway does not serve it.

type Language = "ko" | "de" | "en";
type Texts = typeof import("./texts/en.js").default & typeof import("./texts/more/en.js").default;
type TextKey = keyof Texts;

// The chat API's, as /api/openapi.json says.

interface Button {
  id: string;
  title: string;
}

interface Source {
  title: string;
  url: string | null;
  /** YYYY or YYYY-MM */
  as_of: string | null;
}

interface Message {
  /** Rises by time. */
  id: number;
  sender: "user" | "bot" | "staff";
  text: string;
  language: Language;
  buttons: Button[];
  sources: Source[];
  /** The knowledge entry that the text states facts from. */
  entry: string | null;
  /** The form field that the message asks for. */
  asks: string | null;
  created_at: string;
}

interface Access {
  id: string;
  token: string;
}

interface Conversation extends Access {
  language: Language;
  messages: Message[];
}

interface Greeting {
  language: Language;
  text: string;
  suggestions: string[];
}

/** What was erased and what consent keeps, in words. */
interface ErasureReport {
  erased: string[];
  kept: string[];
}

interface Call {
  method?: string;
  token?: string;
  body?: unknown;
  accept?: string;
  lastEventId?: string;
  signal?: AbortSignal;
}

interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

// A visitor's message, until the server's record of it is seen.

interface Item {
  /** Makes sure that it counts once however often it is sent. */
  client_id: string;
  /** The text, or the title of the button. */
  shown: string;
  /** The button's id; "" of a suggestion before there is a conversation; null of a text. */
  button: string | null;
  state: "queued" | "sending" | "waiting" | "sent" | "failed" | "rejected";
  /** Why it failed or was rejected. */
  reason: TextKey | null;
  /** The last message seen before it was sent. */
  after: number;
  /** The first message of its reply. */
  before: number;
}

interface ItemActions {
  retry(): void;
  edit(): void;
}

// What the browser keeps.

interface Known {
  access: Access | null;
  language: Language;
  /** What the visitor said of messages, by id. */
  rated: Record<string, boolean>;
}

interface Stored extends Known {
  outbox: Item[];
  open: boolean;
}

// Between the conversation and what is seen of it.

type Problem = { kind: "unreachable" } | { kind: "outdated" } | { kind: "limited"; until: number };
type Place = "start" | "send" | "stream";

interface SessionHooks {
  show(messages: Message[], how: { restored: boolean; reply: boolean }): void;
  /** The server has recorded the greeting. */
  begun(greeting: Message): void;
  /** An item is new, or its state has changed. */
  item(item: Item): void;
  /** The server's record of an item. */
  adopt(item: Item, message: Message): void;
  typing(sender: "bot" | "staff" | null): void;
  problem(problem: Problem | null): void;
  /** The conversation is no more; what was not sent is handed back. */
  gone(unsent: Item[]): void;
}

interface PanelActions {
  open(): void;
  close(): void;
  send(text: string): void;
  choose(pressed: Button): void;
  speak(language: Language): void;
  reconnect(): void;
}
