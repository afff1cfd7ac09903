/** Messages of failures of OPDS catalogues, part of `failureMessages`. */
export const opdsFailureMessages = {
  'opds.unknown': 'There is no catalogue with the id {id}. It may have been removed; look at the settings.',
  'opds.no-fetch':
    'There is no fetched book with the id {id}. It may have been forgotten; load the list again.',
  'opds.too-many': 'There are {most} catalogues, and there can be no more. Remove one that nobody needs.',
  'opds.unreachable': '{host} cannot be asked: {detail}.',
  'opds.refused':
    '{host} wants a name and a password, or refuses those that it was given. Write the right ones.',
  'opds.status': '{host} answers with the status {status}. Look whether the address is right.',
  'opds.no-catalogue':
    'What is at {host} is no OPDS catalogue. Its address often ends in /opds; look for it in the help of that server.',
  'opds.no-search': 'This catalogue cannot be searched. Go through its lists.',
  'opds.too-large':
    '{title} is larger than {limit}. Set NIGHTJAR_UPLOAD_LIMIT higher, or choose another book.',
} as const
