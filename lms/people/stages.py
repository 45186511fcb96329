"""Steps of signing in that differ from allauth's own."""

from allauth.account.stages import EmailVerificationStage


class ConfirmedAddressStage(EmailVerificationStage):
    """Asks for a confirmed address, but not of people who have a sign-in name: a coordinator knows who they are."""

    def handle(self):
        if self.login.user is not None and self.login.user.sign_in_name:
            return None, True
        return super().handle()
