# ruff: noqa: RUF001 - Chinese punctuation is full-width
"""Say on paper what has to be said: words as tables, figures by CLDR, foreign text made harmless.

Paper speaks the station's language, which the inspector reads, and beside it the traveller's where that is another.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from kiosk.application import cldr
from kiosk.domain.catalogue import Texts
from kiosk.domain.money import Money, exponent

LANGUAGES = ("en", "zh", "de", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})
# Dates short enough to stand beside another column, per language (CLDR date patterns).
DAY_PATTERNS: Mapping[str, str] = {
    "en": "EEE d MMM y", "zh": "y年M月d日 EEE", "de": "EEE d. MMM y", "ar": "EEE d MMM y",
}  # fmt: skip
FOREIGN_CHARS_MAX = 400

# key: (English, Simplified Chinese, German, Arabic)
WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "ticket": ("Ticket", "车票", "Fahrkarte", "تذكرة"),
    "entry": ("Ticket", "门票", "Eintrittskarte", "تذكرة"),
    "from": ("From", "出发站", "Von", "من"),
    "to": ("To", "到达站", "Nach", "إلى"),
    "via": ("Change at", "换乘", "Umsteigen in", "تبديل في"),
    "line": ("Line", "车次", "Linie", "الخط"),
    "track": ("Platform", "站台", "Gleis", "الرصيف"),
    "where": ("Where", "地点", "Ort", "المكان"),
    "until": ("until", "至", "bis", "حتى"),
    "row": ("Row", "排", "Reihe", "الصف"),
    "seat": ("Seat", "座位", "Platz", "المقعد"),
    "area": ("Area", "区域", "Bereich", "الفئة"),
    "holder": ("For", "持票人", "Für", "لأجل"),
    "price": ("Price", "票价", "Preis", "السعر"),
    "with": ("With", "含", "Mit", "مع"),
    "demo": ("DEMO – not valid", "演示 – 无效", "DEMO – nicht gültig", "عرض – غير صالحة"),
    "copy": ("COPY {number}", "副本 {number}", "KOPIE {number}", "نسخة {number}"),
    "unconfirmed": (
        "Sold while the network was away. It is valid all the same.",
        "售票时网络中断。本票照常有效。",
        "Ohne Netzverbindung verkauft. Trotzdem gültig.",
        "بيعت أثناء انقطاع الشبكة. وهي صالحة مع ذلك.",
    ),
    "machine": ("Machine {name}", "售票机 {name}", "Automat {name}", "جهاز {name}"),
    "sale": ("Sale", "交易号", "Verkauf", "عملية البيع"),
    "booking": ("Booking code", "订票号", "Buchungscode", "رمز الحجز"),
    "receipt": ("Receipt", "收据", "Beleg", "إيصال"),
    "total": ("Total", "合计", "Summe", "المجموع"),
    "card": ("Card", "银行卡", "Karte", "بطاقة"),
    "cash": ("Cash", "现金", "Bargeld", "نقدًا"),
    "gift_card": ("Gift card", "礼品卡", "Geschenkkarte", "بطاقة هدية"),
    "credit": ("From the old tickets", "旧票抵扣", "Aus den alten Tickets", "من التذاكر القديمة"),
    "voucher": ("Voucher", "代金券", "Gutschein", "قسيمة"),
    "free": ("Free of charge", "免费", "Kostenlos", "مجانًا"),
    "change": ("Change", "找零", "Rückgeld", "الباقي"),
    "tax": ("Tax", "税率", "Satz", "الضريبة"),
    "net": ("Net", "净额", "Netto", "الصافي"),
    "tax_amount": ("Tax amount", "税额", "Steuer", "مبلغ الضريبة"),
    "gross": ("Gross", "含税", "Brutto", "الإجمالي"),
    "keep_receipt": (
        "Copy or invoice: give this number at any counter.",
        "补打收据或开发票：请在柜台出示此编号。",
        "Kopie oder Rechnung: diese Nummer an jedem Schalter nennen.",
        "للنسخة أو الفاتورة: أعطِ هذا الرقم عند أي شباك.",
    ),
    "claim": ("Claim slip", "凭证", "Anspruchsschein", "قسيمة مطالبة"),
    "money_safe": ("Your money is safe.", "您的钱款安全。", "Ihr Geld ist sicher.", "نقودك في أمان."),
    "payment_unknown": (
        "We do not know yet whether your card was charged. We check and pay back what is yours.",
        "尚不确定您的银行卡是否已扣款。我们会核实，并退还属于您的款项。",
        "Wir wissen noch nicht, ob Ihre Karte belastet wurde. Wir prüfen das und zahlen zurück, was Ihnen zusteht.",
        "لا نعرف بعد هل خُصم المبلغ من بطاقتك. سنتحقق ونعيد إليك ما هو لك.",
    ),
    "not_given_back": (
        "This machine could not give your money back. We owe it to you.",
        "本机未能退还您的钱款，我们欠您这笔款项。",
        "Dieser Automat konnte Ihr Geld nicht zurückgeben. Wir schulden es Ihnen.",
        "لم يتمكن هذا الجهاز من إعادة نقودك. نحن مدينون لك بها.",
    ),
    "change_short": (
        "This machine could not give all your change. We owe you the rest.",
        "本机找零不足，余款由我们支付给您。",
        "Dieser Automat konnte nicht alles Rückgeld geben. Den Rest schulden wir Ihnen.",
        "لم يتمكن هذا الجهاز من إعطائك الباقي كاملًا. نحن مدينون لك بالفرق.",
    ),
    "exchange_open": (
        "The new tickets are paid, and the ticket system has not answered. Your old tickets stay good until it does.",
        "新票已付款，票务系统尚未回应。在此之前您的旧票仍然有效。",
        "Die neuen Tickets sind bezahlt, das Ticketsystem hat nicht geantwortet. Bis dahin gelten Ihre alten Tickets.",
        "دُفع ثمن التذاكر الجديدة ولم يُجب نظام التذاكر بعد. تبقى تذاكرك القديمة صالحة حتى ذلك.",
    ),
    "piece_unknown": (
        "One note or coin got stuck. We look for it and pay it back if it is inside.",
        "有一张纸币或一枚硬币卡住。我们会查找，若在机内即退还。",
        "Ein Schein oder eine Münze ist hängen geblieben. Wir suchen danach und zahlen zurück, was im Automaten liegt.",
        "علقت ورقة نقدية أو قطعة معدنية. سنبحث عنها ونعيدها إن كانت في الجهاز.",
    ),
    "other_reason": (
        "This machine owes you something. A counter settles it.",
        "本机欠您款项或车票，请到柜台处理。",
        "Dieser Automat schuldet Ihnen etwas. Ein Schalter regelt das.",
        "هذا الجهاز مدين لك بشيء. يسوّى الأمر عند الشباك.",
    ),
    "owed": ("We owe you", "我们欠您", "Wir schulden Ihnen", "ندين لك بـ"),
    "doubtful": ("To be checked", "待核实", "Wird geprüft", "قيد التحقق"),
    "claim_code": ("Your claim code", "您的凭证号", "Ihr Anspruchscode", "رمز مطالبتك"),
    "claim_where": (
        "Show this slip at any counter. Keep it until then.",
        "请持此凭证到任一柜台办理，在此之前请妥善保管。",
        "Zeigen Sie diesen Schein an jedem Schalter. Bewahren Sie ihn bis dahin auf.",
        "أظهر هذه القسيمة عند أي شباك، واحتفظ بها حتى ذلك الحين.",
    ),
    "test": ("Test print", "测试打印", "Testdruck", "طباعة تجريبية"),
    "test_note": (
        "Every line must be complete and the code must be read back.",
        "每一行都应完整，二维码应能读出。",
        "Jede Zeile muss vollständig sein und der Code lesbar.",
        "يجب أن يكون كل سطر كاملًا وأن يُقرأ الرمز.",
    ),
}


def base_language(language: str) -> str:
    """Return one of LANGUAGES for a BCP 47 tag; English where paper has no words."""
    base = language.split("-", maxsplit=1)[0].lower()
    return base if base in LANGUAGES else "en"


def word(key: str, language: str, **values: str) -> str:
    """Return a word or sentence in a language, its places filled."""
    return WORDS[key][LANGUAGES.index(base_language(language))].format(**values)


def clean(text: str) -> str:
    """Return foreign text fit for paper: no control or direction characters, bounded, spaces joined."""
    if text.isprintable():  # holds none of them
        return " ".join(text.split())[:FOREIGN_CHARS_MAX]
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} else char for char in text)
    return " ".join(kept.split())[:FOREIGN_CHARS_MAX]


@lru_cache(maxsize=16)
def _locale(language: str) -> Any:
    return cldr.core().Locale.parse({"zh": "zh_Hans", "ar": "ar"}.get(base_language(language), base_language(language)))


def _decimal(amount: Money) -> Decimal:
    return Decimal(amount.minor).scaleb(-exponent(amount.currency))


@lru_cache(maxsize=256)
def money(amount: Money, language: str) -> str:
    """Return an amount with its currency sign as the language writes it, in western digits."""
    written = cldr.numbers().format_currency
    return clean(written(_decimal(amount), amount.currency, locale=_locale(language), numbering_system="latn"))


def figure(amount: Money, language: str) -> str:
    """Return an amount without a sign, for columns."""
    places = exponent(amount.currency)
    pattern = "#,##0." + "0" * places if places else "#,##0"
    written = cldr.numbers().format_decimal
    return str(written(_decimal(amount), format=pattern, locale=_locale(language), numbering_system="latn"))


def rate(permyriad: int) -> str:
    """Return a tax rate in percent without empty decimals."""
    return f"{Decimal(permyriad) / 100:.2f}".rstrip("0").rstrip(".") + "%"


def day(moment: datetime, zone: str, language: str) -> str:
    """Return the weekday and date of a moment in its own zone."""
    return _written_day(moment.astimezone(ZoneInfo(zone)).date(), language)


@lru_cache(maxsize=64)
def _written_day(local: date, language: str) -> str:
    pattern = DAY_PATTERNS[base_language(language)]
    return western(cldr.dates().format_date(local, format=pattern, locale=_locale(language)))


def western(text: str) -> str:
    """Return text with Arabic digits as the western ones that stand on the station's signs."""
    return "".join(str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char for char in text)


def clock_time(moment: datetime, zone: str) -> str:
    """Return hours and minutes in a zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is read aloud."""
    plain = clean(code).replace(" ", "")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


class Speech(Struct, frozen=True):
    """Speak on one paper: the station's language first, then the traveller's where it is another."""

    station: str
    traveller: str

    @property
    def is_double(self) -> bool:
        """Say whether two languages stand on the paper."""
        return base_language(self.station) != base_language(self.traveller)

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages in order."""
        return (self.station, self.traveller) if self.is_double else (self.traveller,)

    def words(self, key: str, **values: str) -> str:
        """Return a label in both languages on one line."""
        return " ".join(dict.fromkeys(word(key, language, **values) for language in self.languages))

    def sentences(self, key: str, **values: str) -> tuple[str, ...]:
        """Return a sentence once per language."""
        return tuple(word(key, language, **values) for language in self.languages)

    def texts(self, texts: Texts) -> tuple[str, ...]:
        """Return a text in each language that has its own wording."""
        spoken = (clean(texts.text(language)) for language in self.languages)
        return tuple(dict.fromkeys(each for each in spoken if each))
