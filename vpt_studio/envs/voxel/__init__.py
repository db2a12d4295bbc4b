"""The built-in voxel survival world: MineRL's interface, no Java, many times faster."""
