import pytest

from jupyter_tutor.domain.languages import in_language, pick_language


@pytest.mark.parametrize(
    ("texts", "wanted", "chosen"),
    [
        ({"en": "tea", "bn": "চা"}, "bn", "bn"),
        ({"en": "tea", "bn": "চা"}, "bn-BD", "bn"),
        ({"en": "tea", "bn-BD": "চা"}, "bn", "bn-BD"),
        ({"en": "tea", "bn-BD": "চা", "bn": "চা"}, "bn", "bn"),
        ({"en": "tea", "bn": "চা"}, "fr", "en"),
        ({"fr": "thé", "en": "tea"}, "bn", "fr"),
        ({"en": "", "bn": "চা"}, "en", "bn"),
        ({"en": ""}, "en", None),
        ({}, "en", None),
    ],
)
def test_the_language_wanted_then_the_original_then_any(
    texts: dict[str, str], wanted: str, chosen: str | None
) -> None:
    assert pick_language(texts, wanted) == chosen
    assert in_language(texts, wanted) == ("" if chosen is None else texts[chosen])
