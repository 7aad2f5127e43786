"""The lab: a fictitious world in memory behind loopback endpoints that speak the real protocols. See `lab.Lab` and `world.World`."""
