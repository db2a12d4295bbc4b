"""What made channels are called and what stands in their videos; all of it invented here."""

from __future__ import annotations

FIRST_NAMES = (
    "Cube",
    "Pixel",
    "Rowan",
    "Mossy",
    "Gravel",
    "Torch",
    "Lenny",
    "Birch",
    "Sunny",
    "Quiet",
    "Copper",
    "Miss",
    "Doctor",
    "Uncle",
    "Fern",
    "Nova",
)
LAST_NAMES = (
    "Trek",
    "TV",
    "Plays",
    "Digs",
    "Fox",
    "Games",
    "Corner",
    "Craftsman",
    "Lab",
    "Otter",
    "Valley",
    "Live",
    "Media",
    "Dad",
    "Hour",
    "77",
)

TITLES = (
    "Episode {n}",
    "Day {n}",
    "Part {n}",
    "Hardcore #{n}",
    "Let's Play {n}",
    "Season 2 - {n}",
    "My new world",
    "A fresh start",
    "Survival guide {n}",
    "100 days: day {n}",
)
SUBTITLES = (
    "into the forest",
    "a small house by the trees",
    "first night",
    "down to the bottom",
    "we need more wood",
    "finding iron",
    "no commentary",
    "relaxing longplay",
    "from zero to diamonds",
    "with the new update",
    "beginner mistakes",
    "building the farm",
)
FAREWELLS = (
    "Thanks for watching",
    "See you next week",
    "Until tomorrow",
    "Bye for now",
    "That's all, folks",
    "More videos here",
)

CAPTIONS = (
    "so first we need some wood",
    "look at this place",
    "I think there is a cave over there",
    "oh no",
    "wait, what was that?",
    "three logs should be enough",
    "how to find wood fast",
    "okay let's go",
    "this is the part that everyone gets wrong",
    "never dig straight down",
    "do you see that?",
    "leave a comment if you know a better way",
    "we will come back later",
    "best spot ever",
)
FACTS = (
    "Did you know? A stone pickaxe breaks stone twice as fast as a wooden one.",
    "Tip: carry a torch in your off hand.",
    "Sand and gravel fall when nothing holds them.",
    "Tip: four planks make a table.",
    "This world's seed is in the description.",
    "A furnace smelts one piece in ten seconds.",
    "Recorded on an old laptop, sorry for the stutter.",
    "Tip: leaves of a felled tree vanish after a while.",
)

CHATTERS = (
    "kiwi_9",
    "NoraB",
    "stonehead",
    "lemonpie",
    "xx_tom",
    "marble",
    "Aya",
    "dirtfan",
    "gus2k",
    "pirate_jo",
)
CHATS = (
    "hi from Lisbon",
    "lol",
    "nice house",
    "dig there!",
    "GG",
    "first time here",
    "what seed?",
    "behind you",
    "where is the cat",
    "more light",
    "how old is this world",
    "wood wood wood",
    "hello chat",
    "go left",
    "haha",
    "that jump",
    "no way",
    "can you show the map",
    "big brain",
    "love it",
)
ALERTS = (
    "{who} is now following",
    "{who} gave 5 coins",
    "{who} joined for 3 months",
    "a raid of 12 by {who}",
)
NEWS = (
    "next video on Friday",
    "join our little server",
    "two weeks of daily uploads",
    "the map is for download",
    "thanks to everyone who helped to build the harbour",
    "music: my own",
)

MENU_TITLES = ("CUBEWORLD", "LOGCRAFT", "TERRAIN", "BLOCK DAYS", "HILLTOPS", "DIGGER")
MENU_BUTTONS = (
    "Singleplayer",
    "Multiplayer",
    "Mods and packs",
    "Options",
    "Quit game",
    "Languages",
    "Realms",
)
OPTION_BUTTONS = (
    "Music: 40%",
    "Sounds: 100%",
    "Video settings",
    "Controls",
    "Language",
    "View: 12 chunks",
    "Field of view: 70",
    "Brightness: 50%",
    "Clouds: fast",
    "Particles: few",
    "Done",
    "Vsync: on",
)
PAUSE_BUTTONS = ("Back to game", "Progress", "Statistics", "Open to network", "Options", "Save and quit")
LOADING = ("Generating terrain", "Loading world", "Preparing spawn area", "Building light", "Joining server")

FILES = (
    "readme",
    "mods",
    "world_2",
    "clips",
    "music",
    "old",
    "thumbs",
    "script",
    "todo",
    "bin",
    "project",
    "notes",
)
NOTES = (
    "shopping list for the base",
    "- 3 stacks of cobblestone",
    "- glass for the windows",
    "- 64 planks",
    "record on saturday",
    "- ask about the map",
    "- render episode",
    "thumbnail: red house",
    "- fix microphone",
    "upload before 8 pm",
)
SLIDES = ("What you need", "Step one", "Where to look", "Why it works", "Common mistakes", "Summary")
POINTS = (
    "a table and three sticks",
    "wait for the morning",
    "follow the river",
    "light every corner",
    "keep the doors closed",
    "stone is better than wood",
    "count to ten",
    "build upwards first",
    "sell the rest",
)
CREDITS = ("Cut by", "Music by", "World by", "Pictures by", "With", "Thanks to")
