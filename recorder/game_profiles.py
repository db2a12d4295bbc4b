"""What a game's keys mean: which may reach the disk at all, which open a chat, how far the mouse turns.

The games we know lie beside this file as YAML, one each; a person may write one more.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from vpt_studio.actions import ENVIRONMENT_BUTTONS
from vpt_studio.described_files import read_described
from vpt_studio.errors import StudioError

#: Where the profiles that come with the studio lie.
FOLDER = Path(__file__).with_suffix("")
#: What a hotkey can do to the take: delete its last minutes, end it, or remember this moment.
Hotkey = Literal["cut", "stop", "mark"]

_CODE = re.compile(r"key\.keyboard\.[a-z0-9.]+|[0-9]{1,2}")


class GameProfile(BaseModel):
    """The keys of one game. Keys and mouse buttons are called as :class:`InputEvent` calls them.

    Attributes:
        title: The game's name as people know it.
        window: What its window's title may hold, each by itself enough; nothing where any may be meant.
        motion: Which of a mouse's two values the game follows: the `raw` counts of the device, or what the
            system's acceleration made of them.
        degrees_per_count: How far the view turns by one; None where it is not known.
        hides_pointer: Whether the game is known to hide the pointer while it is played, and to show it on its
            screens.
        hotbar_slots: How many slots the wheel turns through; 0 where it does not choose a slot.
        buttons: The keys and mouse buttons that are recorded, and what each is called in actions.
        chat_opens: Keys after which a person may type words: nothing is recorded from then on.
        chat_closes: Keys that end it.
        chat_stays: For how many seconds after that what was typed can still be seen in the game.
        hotkeys: Keys that are for the recorder, whichever window is in front.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str = Field(min_length=1)
    window: tuple[Annotated[str, Field(min_length=1)], ...] = Field(default=(), strict=False)
    motion: Literal["raw", "accelerated"]
    degrees_per_count: float | None = Field(gt=0, le=10)
    hides_pointer: bool = False
    hotbar_slots: int = Field(ge=0, le=9)
    buttons: dict[str, str] = Field(min_length=1)
    chat_opens: tuple[str, ...] = Field(strict=False)
    chat_closes: tuple[str, ...] = Field(strict=False)
    chat_stays: float = Field(default=0.3, ge=0.3, le=600, strict=False)
    hotkeys: dict[str, Hotkey]

    @field_validator("buttons", "chat_opens", "chat_closes", "hotkeys")
    @classmethod
    def _codes(cls, value: Any) -> Any:
        for code in value:
            if not _CODE.fullmatch(code):
                raise ValueError(
                    f"{code!r} is no key such as key.keyboard.w, and no number of a mouse button"
                )
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        unknown = set(self.buttons.values()) - set(ENVIRONMENT_BUTTONS)
        if unknown:
            raise ValueError(f"actions have no button {', '.join(sorted(unknown))}")
        for name, codes in (("a hotkey", self.hotkeys), ("one that opens the chat", self.chat_opens)):
            twice = self.buttons.keys() & set(codes)
            if twice:
                raise ValueError(f"{', '.join(sorted(twice))} is a button of the game and {name}")
        if bool(self.chat_opens) != bool(self.chat_closes):
            raise ValueError("a chat that opens must close by some key, too")
        return self


def profile_names() -> list[str]:
    """The profiles that come with the studio, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read_profile(name: str) -> GameProfile:
    """The profile called `name`, or the one in the file of that path.

    Raises:
        StudioError: There is none, or it holds something wrong.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    known = ", ".join(profile_names())
    if path.parent == FOLDER and name not in profile_names():
        raise StudioError(f"there is no game profile {name!r}", mend=f"Those we have: {known}")
    return read_described(path, GameProfile, "game profile", "luanti.yaml")
