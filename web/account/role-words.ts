import { t } from '@lingui/core/macro'
import type { Role, TokenScope } from './account-api.ts'

/** Who may least first. */
export const roles: readonly Role[] = ['listener', 'editor', 'admin']

export function roleName(role: Role): string {
  return { listener: t`Listener`, editor: t`Editor`, admin: t`Admin` }[role]
}

/** What somebody may do, as a sentence. */
export function roleMay(role: Role): string {
  return {
    listener: t`A listener listens, reads along and keeps places and bookmarks.`,
    editor: t`An editor also adds books, changes them and has them spoken.`,
    admin: t`An admin may do everything, and lets others in.`,
  }[role]
}

export function scopeWords(scope: TokenScope): string {
  return {
    read: t`See the books and what is going on`,
    listen: t`Listen, take books along, keep places and bookmarks`,
    edit: t`Add books, change them and have them spoken`,
    speak: t`Lend a machine that speaks, and nothing else`,
    admin: t`Everything that an admin may`,
  }[scope]
}

/** A log's entry, by the code of what was done; one that is not known here is shown as it is. */
export function actionWords(action: string): string {
  const words: Readonly<Record<string, string>> = {
    setup: t`made the first account`,
    'sign-in': t`signed in`,
    'sign-in.failed': t`tried to sign in in vain`,
    'password.changed': t`changed a password`,
    'invitation.made': t`invited`,
    'invitation.revoked': t`took an invitation back`,
    'invitation.used': t`followed an invitation`,
    'reset.made': t`made a link for a new password`,
    'reset.used': t`set a new password by a link`,
    'person.added': t`added`,
    'person.role': t`changed what somebody may do`,
    'person.renamed': t`changed a name`,
    'person.disabled': t`shut out`,
    'person.enabled': t`let in again`,
    'person.deleted': t`removed`,
    'subject.connected': t`connected an account with the sign-in provider`,
    'subject.disconnected': t`disconnected an account from the sign-in provider`,
    'sessions.ended': t`ended sessions`,
    'token.made': t`made a token`,
    'token.revoked': t`revoked a token`,
    admin: t`changed something of the house`,
  }
  return words[action] ?? action
}
