"""The built-in world's pictures, all made by this code: block textures, item icons, what the hand holds."""
