"""The languages that can be told, by their tags (BCP 47) and their English names."""

# Written like English, in Latin letters: told from English and from one another by their words.
LATIN = {
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hr": "Croatian",
    "hu": "Hungarian",
    "it": "Italian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "sk": "Slovak",
    "sv": "Swedish",
    "tr": "Turkish",
    "vi": "Vietnamese",
}
# Told by their letters.
OTHER_SCRIPTS = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "el": "Greek",
    "fa": "Persian",
    "he": "Hebrew",
    "hi": "Hindi",
    "ja": "Japanese",
    "ko": "Korean",
    "ru": "Russian",
    "sr": "Serbian",
    "ta": "Tamil",
    "th": "Thai",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "zh": "Chinese",
}
_NAMES = {"en": "English", **LATIN, **OTHER_SCRIPTS}


def language_name(tag: str) -> str:
    """The English name of a language; of one that is not known here, its tag."""
    return _NAMES.get(tag, tag)
