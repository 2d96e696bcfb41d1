"""Every department's commands, imported in one place so that the door knows them all."""

import mes.intake.importing
import mes.planning.plan
import mes.planning.releasing
import mes.plant.people
import mes.plant.stations
import mes.production.loading
import mes.production.reporting
import mes.production.starting
import mes.quality.completing
import mes.quality.disposing
import mes.quality.final
import mes.quality.first_article
import mes.quality.holding
import mes.quality.judging
import mes.quality.nonconforming
import mes.stock.colour_cards
import mes.stock.issuing
import mes.stock.layouts
import mes.stock.packing
import mes.stock.palletising
import mes.stock.printing
import mes.stock.shipping
import mes.stock.storing
import mes.stock.verifying  # noqa: F401
