/** Types of the parts of the library that are used; it has none of its own. */
declare module '@echogarden/espeak-ng-emscripten' {
  export interface Module {
    readonly FS: { readonly root: FileNode }
    readonly HEAPU8: Uint8Array
    readonly HEAP16: Int16Array
    readonly HEAP32: Int32Array
    readonly eSpeakNGWorker: new () => Worker
    _malloc(bytes: number): number
    /** Makes a function callable from the library: `(samples, count, events) => 0 to go on, 1 to stop`. */
    addFunction(callback: (samples: number, count: number, events: number) => number): number
  }

  /** A file or folder of the library's in-memory file system. */
  export interface FileNode {
    readonly contents?: Uint8Array | Readonly<Record<string, FileNode>> | null
    stream_ops: {
      /** Returns the number of bytes read. */
      read(stream: unknown, target: Int8Array, offset: number, length: number, position: number): number
    }
  }

  /** An address in the heap. */
  export interface Pointer {
    readonly ptr: number
  }

  export interface Worker {
    list_voices(): { name: string; identifier: string; languages: { priority: number; name: string }[] }[]
    /** 0 when the voice exists. */
    set_voice(name: string): number
    /** Words a minute, 80 to 450. */
    set_rate(rate: number): void
    get_samplerate(): number
    getSizeOfEventStruct_(): number
    synth_(ssml: string | Pointer, callback: number): void
    /** Address of the phonemes, as zero-terminated UTF-8. */
    convert_to_phonemes(ssml: string | Pointer, ipa: boolean): Pointer
  }

  export default function load(): Promise<Module>
}
