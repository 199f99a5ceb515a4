// @ts-check
/**
 * Every word that the page itself says, in its three languages, and how it writes dates.
 * What the assistant says comes from the server.
 */

/** @typedef {"ko" | "de" | "en"} Language */

/** @type {readonly Language[]} */
export const LANGUAGES = ["ko", "de", "en"];

/** What is sent, as an ordinary message, when a visitor changes the language during a conversation. */
/** @type {Record<Language, string>} */
export const LANGUAGE_REQUEST = { ko: "한국어로 해 주세요", de: "Deutsch bitte", en: "English please" };

const EN = {
  title: "Hessen Inquiry Assistant",
  skip: "Skip to the message field",
  languages: "Language",
  log: "Conversation",
  erase: "Delete this conversation",
  latest: "New message below",
  tryNow: "Try now",
  send: "Send",
  note: "This is an automated system. Its answers are general information.",
  user: "You",
  bot: "Assistant",
  staff: "Staff member",
  botTyping: "The assistant is replying…",
  staffTyping: "A staff member is writing…",
  choices: "Choices",
  sources: "Sources",
  newTab: "opens in a new tab",
  asOf: "as of {date}",
  rate: "Was this helpful?",
  helpful: "Helpful",
  unhelpful: "Not helpful",
  thanks: "Thank you for your feedback.",
  feedbackFailed: "Your feedback could not be saved. Please try again.",
  commentLabel: "What was missing? (optional, please no personal data)",
  commentSend: "Send feedback",
  sending: "Sending…",
  waiting: "Not sent yet. Trying again…",
  failed: "Not sent.",
  rejected: "This message could not be accepted.",
  tooLong: "This message is too long.",
  stale: "This choice is no longer available.",
  retry: "Try again",
  edit: "Edit",
  offline: "You are offline. What you write is sent as soon as you are connected again.",
  unreachable: "The assistant cannot be reached at the moment. Trying again…",
  limited: "Too many messages in a short time. Next attempt in {seconds} s.",
  limitedLong: "Too many messages in a short time. Please try again later.",
  online: "Connected again.",
  gone: "This conversation no longer exists. You can start a new one.",
  renew: "Start a new conversation",
  cancel: "Cancel",
  eraseTitle: "Delete this conversation?",
  eraseText: "Your messages and the assistant's replies are deleted for good. If you have sent an inquiry to the staff, what you agreed to is kept so that it can be answered.",
  eraseConfirm: "Delete",
  erasing: "Deleting…",
  eraseFailed: "The conversation could not be deleted. Please try again.",
  erasedTitle: "Conversation deleted",
  erasedList: "Deleted",
  keptList: "Kept",
  keptNothing: "Nothing was kept.",
  alreadyGone: "This conversation had already been deleted.",
  label: "Your message",
  hint: "Write a message",
  topicLabel: "Topic",
  topicHint: "e.g. hydrogen, setting up a GmbH",
  messageLabel: "Your inquiry",
  messageHint: "Describe your inquiry",
  nameLabel: "Your name",
  nameHint: "First and last name",
  companyLabel: "Company",
  companyHint: "Name of your company",
  emailLabel: "E-mail address",
  emailHint: "name@example.com",
  countryLabel: "Country",
  countryHint: "e.g. South Korea",
  consentLabel: "Your consent",
  consentHint: "Choose above or write",
  confirmLabel: "Your confirmation",
  confirmHint: "Choose above or write",
};

/** @typedef {keyof typeof EN} StringKey */

/** @type {Record<Language, Record<StringKey, string>>} */
const STRINGS = {
  en: EN,
  de: {
    title: "Anfrage-Assistent Hessen",
    skip: "Zum Nachrichtenfeld springen",
    languages: "Sprache",
    log: "Gespräch",
    erase: "Gespräch löschen",
    latest: "Neue Nachricht unten",
    tryNow: "Jetzt versuchen",
    send: "Senden",
    note: "Dies ist ein automatisiertes System. Die Antworten sind allgemeine Informationen.",
    user: "Sie",
    bot: "Assistent",
    staff: "Ansprechperson",
    botTyping: "Der Assistent antwortet …",
    staffTyping: "Eine Ansprechperson schreibt …",
    choices: "Auswahl",
    sources: "Quellen",
    newTab: "öffnet in neuem Tab",
    asOf: "Stand {date}",
    rate: "War das hilfreich?",
    helpful: "Hilfreich",
    unhelpful: "Nicht hilfreich",
    thanks: "Vielen Dank für Ihre Rückmeldung.",
    feedbackFailed: "Ihre Rückmeldung konnte nicht gespeichert werden. Bitte versuchen Sie es erneut.",
    commentLabel: "Was hat gefehlt? (freiwillig, bitte keine persönlichen Daten)",
    commentSend: "Rückmeldung senden",
    sending: "Wird gesendet …",
    waiting: "Noch nicht gesendet. Neuer Versuch …",
    failed: "Nicht gesendet.",
    rejected: "Diese Nachricht konnte nicht angenommen werden.",
    tooLong: "Diese Nachricht ist zu lang.",
    stale: "Diese Auswahl ist nicht mehr verfügbar.",
    retry: "Erneut versuchen",
    edit: "Bearbeiten",
    offline: "Sie sind offline. Was Sie schreiben, wird gesendet, sobald Sie wieder verbunden sind.",
    unreachable: "Der Assistent ist gerade nicht erreichbar. Neuer Versuch läuft …",
    limited: "Zu viele Nachrichten in kurzer Zeit. Nächster Versuch in {seconds} s.",
    limitedLong: "Zu viele Nachrichten in kurzer Zeit. Bitte versuchen Sie es später erneut.",
    online: "Wieder verbunden.",
    gone: "Dieses Gespräch gibt es nicht mehr. Sie können ein neues beginnen.",
    renew: "Neues Gespräch beginnen",
    cancel: "Abbrechen",
    eraseTitle: "Gespräch löschen?",
    eraseText: "Ihre Nachrichten und die Antworten des Assistenten werden endgültig gelöscht. Haben Sie eine Anfrage an das Team gestellt, bleiben die Angaben erhalten, in deren Speicherung Sie eingewilligt haben, damit die Anfrage beantwortet werden kann.",
    eraseConfirm: "Löschen",
    erasing: "Wird gelöscht …",
    eraseFailed: "Das Gespräch konnte nicht gelöscht werden. Bitte versuchen Sie es erneut.",
    erasedTitle: "Gespräch gelöscht",
    erasedList: "Gelöscht",
    keptList: "Aufbewahrt",
    keptNothing: "Es wurde nichts aufbewahrt.",
    alreadyGone: "Dieses Gespräch war bereits gelöscht.",
    label: "Ihre Nachricht",
    hint: "Nachricht schreiben",
    topicLabel: "Thema",
    topicHint: "z. B. Wasserstoff, Gründung einer GmbH",
    messageLabel: "Ihr Anliegen",
    messageHint: "Beschreiben Sie Ihr Anliegen",
    nameLabel: "Ihr Name",
    nameHint: "Vor- und Nachname",
    companyLabel: "Unternehmen",
    companyHint: "Name Ihres Unternehmens",
    emailLabel: "E-Mail-Adresse",
    emailHint: "name@example.com",
    countryLabel: "Land",
    countryHint: "z. B. Südkorea",
    consentLabel: "Ihre Einwilligung",
    consentHint: "Oben auswählen oder schreiben",
    confirmLabel: "Ihre Bestätigung",
    confirmHint: "Oben auswählen oder schreiben",
  },
  ko: {
    title: "헤센 문의 도우미",
    skip: "메시지 입력란으로 건너뛰기",
    languages: "언어",
    log: "대화",
    erase: "대화 삭제",
    latest: "아래에 새 메시지가 있습니다",
    tryNow: "지금 다시 시도",
    send: "보내기",
    note: "자동 안내 시스템이며, 답변은 일반적인 정보입니다.",
    user: "나",
    bot: "도우미",
    staff: "담당자",
    botTyping: "도우미가 답변을 준비하고 있습니다…",
    staffTyping: "담당자가 입력하고 있습니다…",
    choices: "선택 항목",
    sources: "출처",
    newTab: "새 탭에서 열림",
    asOf: "{date} 기준",
    rate: "도움이 되었나요?",
    helpful: "도움이 됨",
    unhelpful: "도움이 되지 않음",
    thanks: "의견을 보내 주셔서 감사합니다.",
    feedbackFailed: "의견을 저장하지 못했습니다. 다시 시도해 주세요.",
    commentLabel: "어떤 점이 부족했나요? (선택 사항, 개인정보는 적지 마세요)",
    commentSend: "의견 보내기",
    sending: "보내는 중…",
    waiting: "아직 전송되지 않았습니다. 다시 시도하는 중…",
    failed: "전송되지 않았습니다.",
    rejected: "이 메시지는 접수할 수 없습니다.",
    tooLong: "메시지가 너무 깁니다.",
    stale: "이 선택 항목은 더 이상 사용할 수 없습니다.",
    retry: "다시 시도",
    edit: "수정",
    offline: "오프라인 상태입니다. 작성하신 내용은 다시 연결되면 바로 전송됩니다.",
    unreachable: "지금은 도우미에 연결할 수 없습니다. 다시 시도하는 중…",
    limited: "짧은 시간에 메시지를 너무 많이 보내셨습니다. {seconds}초 후에 다시 시도합니다.",
    limitedLong: "짧은 시간에 메시지를 너무 많이 보내셨습니다. 잠시 후 다시 시도해 주세요.",
    online: "다시 연결되었습니다.",
    gone: "이 대화는 더 이상 존재하지 않습니다. 새 대화를 시작할 수 있습니다.",
    renew: "새 대화 시작",
    cancel: "취소",
    eraseTitle: "이 대화를 삭제할까요?",
    eraseText: "보내신 메시지와 도우미의 답변이 완전히 삭제됩니다. 담당자에게 문의를 접수하셨다면, 답변을 드릴 수 있도록 동의하신 내용은 보관됩니다.",
    eraseConfirm: "삭제",
    erasing: "삭제하는 중…",
    eraseFailed: "대화를 삭제하지 못했습니다. 다시 시도해 주세요.",
    erasedTitle: "대화가 삭제되었습니다",
    erasedList: "삭제된 항목",
    keptList: "보관된 항목",
    keptNothing: "보관된 항목이 없습니다.",
    alreadyGone: "이미 삭제된 대화입니다.",
    label: "메시지",
    hint: "메시지를 입력하세요",
    topicLabel: "주제",
    topicHint: "예: 수소, GmbH 설립",
    messageLabel: "문의 내용",
    messageHint: "문의 내용을 적어 주세요",
    nameLabel: "이름",
    nameHint: "성과 이름",
    companyLabel: "회사",
    companyHint: "회사 이름",
    emailLabel: "이메일 주소",
    emailHint: "name@example.com",
    countryLabel: "국가",
    countryHint: "예: 한국",
    consentLabel: "동의 여부",
    consentHint: "위에서 선택하거나 입력하세요",
    confirmLabel: "확인",
    confirmHint: "위에서 선택하거나 입력하세요",
  },
};

/**
 * @param {Language} language
 * @param {StringKey} key
 * @param {Record<string, string | number>} [values] what to put for `{name}` in the text
 */
export function say(language, key, values = {}) {
  return STRINGS[language][key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {unknown} value @returns {value is Language} */
export function isLanguage(value) {
  return LANGUAGES.some((language) => language === value);
}

/** The first language of the browser that the assistant speaks. @returns {Language} */
export function preferredLanguage() {
  for (const tag of navigator.languages ?? [navigator.language]) {
    const primary = String(tag).toLowerCase().split("-")[0];
    if (isLanguage(primary)) return primary;
  }
  return "en";
}

/**
 * How old a source is: "Stand März 2021", "2021년 3월 기준", "as of March 2021".
 *
 * @param {Language} language
 * @param {string | number | null | undefined} date YYYY, YYYY-MM or YYYY-MM-DD
 * @returns {string} empty without a date
 */
export function asOf(language, date) {
  if (date === null || date === undefined || date === "") return "";
  const parts = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(String(date));
  if (!parts) return say(language, "asOf", { date: String(date) });
  const [, year, month, day] = parts;
  const moment = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)));
  if (!month && language !== "ko") return say(language, "asOf", { date: year });
  const written = new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: month ? "long" : undefined,
    day: day ? "numeric" : undefined,
    timeZone: "UTC",
  }).format(moment);
  return say(language, "asOf", { date: written });
}

/**
 * When a message was written: the time, and the day too if it was not today.
 *
 * @param {Language} language
 * @param {Date} moment
 */
export function timeOfDay(language, moment) {
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { hour: language === "ko" ? "numeric" : "2-digit", minute: "2-digit" };
  const today = moment.toDateString() === new Date().toDateString();
  if (!today) Object.assign(options, { day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options).format(moment);
}
