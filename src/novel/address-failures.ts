/** What may be wrong with an address from which a book is fetched, see `failureMessages`. */
export const addressFailures = {
  'address.unfit': 'The address cannot be fetched: {detail}.',
  'address.private':
    '{host} is in a private network, from which nothing is fetched. If it is yours, add it to NIGHTJAR_FETCH_HOSTS and start Nightjar again.',
  'address.unreachable': 'Nothing can be fetched from {host}: {detail}. Look at the address and try again.',
  'address.refused':
    '{host} answers {status} instead of a page. Open the address in a browser, and add the text or file from there.',
  'address.slow': '{host} does not send in time. Try again later, or save the page and add the file.',
  'address.no-book':
    'What {host} sends is no book ({type}). Choose the address of a page with text, or of a book’s file.',
  'address.too-large':
    'What lies at this address is larger than {limit}. Set NIGHTJAR_UPLOAD_LIMIT higher or choose another.',
} as const
