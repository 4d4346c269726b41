"""Renders the sample photographs with Blender, from seeds: a project of its own."""
