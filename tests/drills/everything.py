"""All drills, in the order of their numbers."""

from tests.drills import backups, caches, databases, disks, links, power, saving, schedules, servers, trial

MODULES = (backups, caches, databases, disks, links, power, saving, schedules, servers)  # each enters its drills
DRILLS = dict(sorted(trial.DRILLS.items(), key=lambda each: int(each[0][1:])))
