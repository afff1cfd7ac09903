/** Of accounts, and of the ways in. */
export const accountFailureMessages = {
  'account.setup':
    'This Nightjar knows nobody yet. Open its page and make the first admin, with the code that stands in its log.',
  'account.signed-out': 'This is for people who are signed in. Sign in on the page, or send a token.',
  'account.forbidden': 'What a person is here ({role}) does not allow this. An admin can change that.',
  'account.no-token': 'A token cannot do this. Sign in on the page.',
  'account.wrong-password': 'The name or the password is not right.',
  'account.wrong-code':
    'This is not the code. It stands in the log of the server, which makes a new one at each start and after a day.',
  'account.slow': 'There were too many wrong attempts from here. Try again in {seconds} seconds.',
  'account.busy': 'Too many people sign in at this moment. Try again in some seconds.',
  'account.set-up': 'There is a first admin already. Sign in, or ask for an invitation.',
  'account.link': 'This link is good no more. Ask an admin for a new one.',
  'account.name-taken': 'There is somebody called {name} already. Choose another name.',
  'account.no-name': 'A name has 1 to {longest} characters.',
  'account.weak-password': 'This password is easily guessed: {detail}. Choose another one.',
  'account.unknown': 'There is no such person here. They may have been removed.',
  'account.last-admin': 'This is the only admin who may come in. Make somebody else an admin first.',
  'account.no-password': 'This account has no password here. An admin can make a link to set one.',
  'account.no-session': 'There is no such session. It may have ended.',
  'account.no-invitation': 'There is no such invitation. It may have been followed, or has expired.',
  'account.off':
    'Nobody signs in here, because NIGHTJAR_AUTH is none or the server listens on this machine alone.',
  'account.no-provider': 'People do not sign in by a provider here. NIGHTJAR_OIDC_ISSUER names one.',
  'account.provider-away':
    'The sign-in provider does not answer. Try again in a minute, or sign in with a password.',
  'account.provider-refused': 'The sign-in provider has not signed you in. Try again from the beginning.',
  'account.provider-stale':
    'This sign-in took too long, was used already, or began in another window. Begin it again.',
  'account.provider-wrong':
    'What the sign-in provider answered cannot be trusted, so nobody was signed in. The log of the server says why.',
  'account.provider-stays':
    'You are signed out here. The sign-in provider did not say how to sign out there too: do it on its own page.',
  'account.only-way': 'Nothing else would let you in. Ask an admin for a link to set a password first.',
  'account.not-connected': 'This account is not connected with the sign-in provider.',
  'account.not-invited': 'You are known, but not let in here. Ask an admin for it.',
  'account.shut-out': 'You may not come in here any more. Ask an admin about it.',
  'account.subject-taken': 'Somebody else comes in by this account of the provider already.',
} as const
