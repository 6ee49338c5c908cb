"""What can go wrong when somebody signs in or looks after people; `problems.py` says it."""

from hub.identity.roles import NAMES_KO, Role


class NotSignedIn(Exception):
    """The route asks for a person, and there is no session, or it has ended."""


class NotAllowed(Exception):
    """The person has none of the roles that this route names."""

    def __init__(self, roles: frozenset[Role]) -> None:
        super().__init__(", ".join(sorted(roles)))
        self.roles = ", ".join(sorted(roles))
        self.roles_ko = ", ".join(NAMES_KO[role] for role in sorted(roles))


class PasswordToBeChanged(Exception):
    """A first password opens nothing but the page that changes it."""


class WrongSignIn(Exception):
    """No such login, or not its password: which of the two is not said."""


class SignInLocked(Exception):
    """Too many wrong passwords, for this login or from this address."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s
        self.wait_min = -(-wait_s // 60)

    @property
    def headers(self) -> dict[str, str]:
        """For the answer."""
        return {"Retry-After": str(self.wait_s)}


class ForeignRequest(Exception):
    """A request that changes something and does not come from a page of ours."""


class UnknownPerson(Exception):
    """No such person."""


class LoginTaken(Exception):
    """Another person has this login."""

    def __init__(self, login: str) -> None:
        super().__init__(login)
        self.login = login


class LastAdmin(Exception):
    """The office would be left without anybody who can look after people."""


class UnknownDuty(Exception):
    """No such duty."""
