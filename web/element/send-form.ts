import { failureIn, unreachable } from '../answer-error.ts'

/**
 * Sends a form with files. By XMLHttpRequest, since fetch cannot tell how much of it has left. `onProgress` gets
 * shares, 0–1. Rejects with `AnswerError`.
 */
export function sendForm(
  address: string,
  form: FormData,
  onProgress: (share: number) => void,
  method: 'POST' | 'PUT' = 'POST',
): Promise<{ readonly answer: unknown; readonly status: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ answer: unknown; status: number }>()
  const request = new XMLHttpRequest()
  request.open(method, address)
  request.upload.addEventListener('progress', (event) => {
    if (event.lengthComputable) onProgress(event.loaded / event.total)
  })
  request.addEventListener('load', () => {
    const { status, responseText } = request
    if (status === 200 || status === 201) resolve({ answer: JSON.parse(responseText), status })
    else reject(failureIn(responseText, status))
  })
  request.addEventListener('error', () => reject(unreachable()))
  request.send(form)
  return promise
}
