import { t } from '@lingui/core/macro'

type Given = Readonly<Record<string, string>>

/** Of accounts, by code, as in the server's table (`src/novel/failure.ts`). */
export const accountFailureWords: Readonly<Record<string, (given: Given) => string>> = {
  'account.setup': () =>
    t`This Nightjar knows nobody yet. Open its page and make the first admin, with the code that stands in its log.`,
  'account.signed-out': () => t`This is for people who are signed in. Sign in on the page, or send a token.`,
  'account.forbidden': ({ role = '' }) =>
    t`What a person is here (${roleWord(role)}) does not allow this. An admin can change that.`,
  'account.no-token': () => t`A token cannot do this. Sign in on the page.`,
  'account.wrong-password': () => t`The name or the password is not right.`,
  'account.wrong-code': () =>
    t`This is not the code. It stands in the log of the server, which makes a new one at each start and after a day.`,
  'account.slow': ({ seconds = '' }) =>
    t`There were too many wrong attempts from here. Try again in ${seconds} seconds.`,
  'account.busy': () => t`Too many people sign in at this moment. Try again in some seconds.`,
  'account.set-up': () => t`There is a first admin already. Sign in, or ask for an invitation.`,
  'account.link': () => t`This link is good no more. Ask an admin for a new one.`,
  'account.name-taken': ({ name = '' }) => t`There is somebody called ${name} already. Choose another name.`,
  'account.no-name': ({ longest = '' }) => t`A name has 1 to ${longest} characters.`,
  'account.weak-password': ({ detail = '' }) =>
    t`This password is easily guessed: ${detail}. Choose another one.`,
  'account.unknown': () => t`There is no such person here. They may have been removed.`,
  'account.last-admin': () => t`This is the only admin who may come in. Make somebody else an admin first.`,
  'account.no-password': () => t`This account has no password here. An admin can make a link to set one.`,
  'account.no-session': () => t`There is no such session. It may have ended.`,
  'account.no-invitation': () => t`There is no such invitation. It may have been followed, or has expired.`,
  'account.off': () =>
    t`Nobody signs in here, because NIGHTJAR_AUTH is none or the server listens on this machine alone.`,
  'account.no-provider': () => t`People do not sign in by a provider here. NIGHTJAR_OIDC_ISSUER names one.`,
  'account.provider-away': () =>
    t`The sign-in provider does not answer. Try again in a minute, or sign in with a password.`,
  'account.provider-refused': () =>
    t`The sign-in provider has not signed you in. Try again from the beginning.`,
  'account.provider-stale': () =>
    t`This sign-in took too long, was used already, or began in another window. Begin it again.`,
  'account.provider-wrong': () =>
    t`What the sign-in provider answered cannot be trusted, so nobody was signed in. The log of the server says why.`,
  'account.provider-stays': () =>
    t`You are signed out here. The sign-in provider did not say how to sign out there too: do it on its own page.`,
  'account.only-way': () =>
    t`Nothing else would let you in. Ask an admin for a link to set a password first.`,
  'account.not-connected': () => t`This account is not connected with the sign-in provider.`,
  'account.not-invited': () => t`You are known, but not let in here. Ask an admin for it.`,
  'account.shut-out': () => t`You may not come in here any more. Ask an admin about it.`,
  'account.subject-taken': () => t`Somebody else comes in by this account of the provider already.`,
  'request.no-origin': () =>
    t`A change by somebody who is signed in needs the header Origin, as browsers send it. Programs use a token.`,
}

function roleWord(role: string): string {
  const known: Readonly<Record<string, string>> = {
    listener: t`listener`,
    editor: t`editor`,
    admin: t`admin`,
  }
  return known[role] ?? role
}
