"""Who acts where a technician works from the command line."""

from kiosk.domain.sale.events import Actor, ActorKind

TECHNICIAN = Actor(ActorKind.TECHNICIAN, "command-line")
