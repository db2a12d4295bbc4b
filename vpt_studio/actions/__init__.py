"""What an action is: buttons and camera, their policy spaces, and how raw input becomes one."""

from vpt_studio.actions.action import Action, Actions
from vpt_studio.actions.buttons import BUTTONS, ENVIRONMENT_BUTTONS, ENVIRONMENT_KEYS
from vpt_studio.actions.camera import DEFAULT_CAMERA, CameraQuantiser
from vpt_studio.actions.joint_space import JointIndices, null_in_policy_space, to_factored, to_joint
from vpt_studio.actions.raw_ticks import RawTicks
from vpt_studio.actions.tick_conversion import Conversion, ConvertedTicks, convert_ticks, played_buttons

__all__ = [
    "BUTTONS",
    "DEFAULT_CAMERA",
    "ENVIRONMENT_BUTTONS",
    "ENVIRONMENT_KEYS",
    "Action",
    "Actions",
    "CameraQuantiser",
    "Conversion",
    "ConvertedTicks",
    "JointIndices",
    "RawTicks",
    "convert_ticks",
    "null_in_policy_space",
    "played_buttons",
    "to_factored",
    "to_joint",
]
