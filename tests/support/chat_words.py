"""What is read and said in the chat in each language, for tests that run in all three."""

from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class ChatWords:
    """One language. The form's words are those of its fields and buttons, in the order they come."""

    code: str
    locale: str
    automated: str
    question: str
    answer: str
    follow_up: str
    sources: str
    as_of: str
    entry_label: str
    send: str
    close: str
    options: str
    inquire: str
    topic: str
    message_label: str
    message: str
    short: str
    too_short: str
    name_label: str
    name: str
    company_label: str
    no_company: str
    email_label: str
    country: str
    agree: str
    submit: str
    logged: str
    next: str
    back: str
    cancel: str
    cancelled: str
    helpful: str
    unhelpful: str
    thanks: str
    comment_label: str
    comment_send: str
    save: str
    erase: str
    erase_confirm: str
    erased: str
    kept: str
    renew: str
    remember: str
    offline: str
    failed: str
    retry: str
    edit: str
    gone: str


GERMAN = ChatWords(
    code="de",
    locale="de-DE",
    automated="automatisiertes System",
    question="Was ist StartHub Hessen?",
    answer="StartHub Hessen ist",
    follow_up="Wie erreiche ich StartHub Hessen?",
    sources="Quellen",
    as_of="Stand ",
    entry_label="Ihre Nachricht",
    send="Senden",
    close="Chat schließen",
    options="Optionen",
    inquire="Anfrage stellen",
    topic="Förderung",
    message_label="Ihr Anliegen",
    message="Wir möchten in Hessen eine Pilotanlage für Wasserstoff bauen und suchen dafür Partner.",
    short="kurz",
    too_short="Die Nachricht ist zu kurz.",
    name_label="Ihr Name",
    name="Jana Groß",
    company_label="Firma",
    no_company="Keine Firma",
    email_label="E-Mail-Adresse",
    country="Südkorea",
    agree="Ich bin einverstanden",
    submit="Absenden",
    logged="Anfragenummer: HE-",
    next="Weiter",
    back="Zurück",
    cancel="Abbrechen",
    cancelled="Ihre Anfrage wurde nicht gespeichert",
    helpful="Hilfreich",
    unhelpful="Nicht hilfreich",
    thanks="Vielen Dank für Ihre Rückmeldung.",
    comment_label="Möchten Sie etwas dazu sagen? (freiwillig, bitte keine persönlichen Daten)",
    comment_send="Rückmeldung senden",
    save="Gesprächsverlauf speichern",
    erase="Gespräch löschen",
    erase_confirm="Löschen",
    erased="Gelöscht",
    kept="Aufbewahrt",
    renew="Neues Gespräch beginnen",
    remember="Gespräch auf diesem Gerät merken",
    offline="Sie sind offline.",
    failed="Nicht gesendet.",
    retry="Erneut versuchen",
    edit="Bearbeiten",
    gone="Dieses Gespräch gibt es nicht mehr.",
)
KOREAN = ChatWords(
    code="ko",
    locale="ko-KR",
    automated="자동 안내 시스템",
    question="스타트허브 헤센이 뭐예요?",
    answer="스타트허브 헤센",
    follow_up="스타트허브 헤센에 어떻게 연락하나요?",
    sources="출처",
    as_of=" 기준",
    entry_label="메시지",
    send="보내기",
    close="대화창 닫기",
    options="대화 설정",
    inquire="문의 남기기",
    topic="자금 지원",
    message_label="문의 내용",
    message="헤센주에 수소 실증 공장을 세우려고 합니다. 협력할 파트너를 찾고 있습니다.",
    short="짧음",
    too_short="내용이 너무 짧아요.",
    name_label="이름",
    name="김민수",
    company_label="회사",
    no_company="회사 없음",
    email_label="이메일 주소",
    country="한국",
    agree="동의합니다",
    submit="보내기",
    logged="접수번호: HE-",
    next="다음",
    back="이전",
    cancel="취소",
    cancelled="문의는 저장되지 않았어요",
    helpful="도움이 됨",
    unhelpful="도움이 되지 않음",
    thanks="의견을 보내 주셔서 감사해요.",
    comment_label="의견(선택 사항, 개인정보는 적지 마세요)",
    comment_send="의견 보내기",
    save="대화 내용 저장",
    erase="대화 삭제",
    erase_confirm="삭제",
    erased="삭제된 항목",
    kept="보관된 항목",
    renew="새 대화 시작",
    remember="이 기기에서 대화 이어 가기",
    offline="오프라인 상태예요.",
    failed="보내지 못했어요.",
    retry="다시 시도",
    edit="수정",
    gone="이 대화는 더 이상 없어요.",
)
ENGLISH = ChatWords(
    code="en",
    locale="en-GB",
    automated="automated system",
    question="What is StartHub Hessen?",
    answer="StartHub Hessen is",
    follow_up="How do I contact StartHub Hessen?",
    sources="Sources",
    as_of="as of ",
    entry_label="Your message",
    send="Send",
    close="Close chat",
    options="Options",
    inquire="Log an inquiry",
    topic="Funding",
    message_label="Your inquiry",
    message="We are looking for partners for a hydrogen pilot plant in Hessen. We have funding of our own.",
    short="brief",
    too_short="The message is too short.",
    name_label="Your name",
    name="Jane Doe",
    company_label="Company",
    no_company="No company",
    email_label="E-mail address",
    country="South Korea",
    agree="I agree",
    submit="Send",
    logged="Reference number: HE-",
    next="Next",
    back="Back",
    cancel="Cancel",
    cancelled="Your inquiry has not been stored",
    helpful="Helpful",
    unhelpful="Not helpful",
    thanks="Thank you for your feedback.",
    comment_label="Anything to add? (optional, please no personal data)",
    comment_send="Send feedback",
    save="Save transcript",
    erase="Delete conversation",
    erase_confirm="Delete",
    erased="Deleted",
    kept="Kept",
    renew="Start a new conversation",
    remember="Remember this conversation on this device",
    offline="You are offline.",
    failed="Not sent.",
    retry="Try again",
    edit="Edit",
    gone="This conversation no longer exists.",
)
WORDS = (KOREAN, GERMAN, ENGLISH)
each_language = pytest.mark.parametrize("words", WORDS, ids=[words.code for words in WORDS])
