/**
 * Frees buffers immediately. A long sentence's spectra are 20 MB that the garbage collector does not account for: left
 * to it, a worker grows by 60 MB.
 */
export function freeBuffers(...arrays: readonly unknown[]): void {
  for (const array of arrays) {
    if (!ArrayBuffer.isView(array) || !(array.buffer instanceof ArrayBuffer)) continue
    // Small arrays share a buffer with others.
    if (!array.buffer.detached && array.byteLength === array.buffer.byteLength) array.buffer.transfer(0)
  }
}
