"""A page's state ⇄ its link and its widgets."""

from legwise.links.compare import COMPARE
from legwise.links.data import DATA
from legwise.links.detail import DEVICE, TYPE
from legwise.links.explore import EXPLORE
from legwise.links.find import FIND
from legwise.links.home import HOME
from legwise.links.match import MATCH
from legwise.links.risks import RISKS
from legwise.links.symptoms import SYMPTOMS

#: The form of every page.
FORMS = (FIND, COMPARE, SYMPTOMS, RISKS, MATCH, EXPLORE, DATA, DEVICE, TYPE, HOME)
