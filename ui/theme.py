"""The colours of the window as named tokens, one set per theme; no colour is written anywhere else."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Tokens:
    """Every colour of one theme, as ``#RRGGBB``.

    Chrome: `rail` (rail and status bar) < `page` < `card` < `control` in depth; `hover`, `press` and
    `selected` are grounds of controls; `line`, `line_strong` and `field` are edges, the last with a
    contrast of 3:1. Words: `text`, `text_secondary`, `text_hint` (units, hints), `text_disabled`. What
    one can do: `accent` with `on_accent` words, `accent_hover`, `accent_text` (links, focus ring).
    States: `ok`, `warn`, `danger`, `info`.

    Data colours (after Okabe and Ito) mean the same everywhere and are for marks, never for words: `sky` the
    agent and training, `orange` human control and held-out, `green` clean, `purple` the IDM, `yellow` mouse
    and camera, `vermillion` recording and open screens, `grey` scripts and earlier runs.
    """

    name: str
    rail: str
    page: str
    card: str
    control: str
    hover: str
    press: str
    selected: str
    line: str
    line_strong: str
    field: str
    text: str
    text_secondary: str
    text_hint: str
    text_disabled: str
    accent: str
    accent_hover: str
    accent_text: str
    on_accent: str
    ok: str
    warn: str
    danger: str
    info: str
    sky: str
    orange: str
    green: str
    purple: str
    yellow: str
    vermillion: str
    grey: str
    record: str
    on_record: str

    def __getitem__(self, token: str) -> str:
        """The colour of the token with this name."""
        return str(getattr(self, token))

    def chip_ground(self, state: str) -> str:
        """The ground of a chip in the colour of `state`: 15 % of it over `card`."""
        return mixed(self[state], self.card, 0.15)


DARK = Tokens(
    name="dark",
    rail="#0F1216",
    page="#14181D",
    card="#1A1F26",
    control="#232A33",
    hover="#2C343F",
    press="#1E242C",
    selected="#2A2F4D",
    line="#29303A",
    line_strong="#3A4451",
    field="#687483",
    text="#E9EDF2",
    text_secondary="#B3BDC9",
    text_hint="#8D99A8",
    text_disabled="#5B6673",
    accent="#5A65E6",
    accent_hover="#4F5ADB",
    accent_text="#A9B1FF",
    on_accent="#FFFFFF",
    ok="#3CCB9F",
    warn="#F0B432",
    danger="#FF8A5C",
    info="#6CC0F0",
    sky="#56B4E9",
    orange="#E69F00",
    green="#1FB58A",
    purple="#D98BB8",
    yellow="#F0E442",
    vermillion="#EE7733",
    grey="#8D99A8",
    record="#EE7733",
    on_record="#14181D",
)

LIGHT = Tokens(
    name="light",
    rail="#E9ECF0",
    page="#F4F6F8",
    card="#FFFFFF",
    control="#EDF0F3",
    hover="#E2E7EC",
    press="#D9DFE5",
    selected="#E4E6FB",
    line="#DCE1E7",
    line_strong="#C3CAD3",
    field="#828D99",
    text="#171B21",
    text_secondary="#46515F",
    text_hint="#616C7A",
    text_disabled="#A0A9B4",
    accent="#4A54D6",
    accent_hover="#3F49C7",
    accent_text="#3F49C7",
    on_accent="#FFFFFF",
    ok="#00704F",
    warn="#835A00",
    danger="#B04300",
    info="#005F99",
    sky="#0072B2",
    orange="#CF8200",
    green="#008F68",
    purple="#B0538A",
    yellow="#7A7000",
    vermillion="#8A2B00",
    grey="#616C7A",
    record="#B04300",
    on_record="#FFFFFF",
)

#: Behind marks over game pictures, in both themes; marks there keep the dark theme's colours.
PLATE = "#0A0D11"
PLATE_OPACITY = 0.78

STATES = ("ok", "warn", "danger", "info")
DATA_COLOURS = ("sky", "orange", "green", "purple", "yellow", "vermillion", "grey")
TOKEN_NAMES = tuple(field.name for field in fields(Tokens) if field.name != "name")


def mixed(over: str, under: str, share: float) -> str:
    """`share` (0..1) of the colour `over` laid on the colour `under`."""
    channels = (
        round(share * int(over[place : place + 2], 16) + (1 - share) * int(under[place : place + 2], 16))
        for place in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02X}" for channel in channels)
