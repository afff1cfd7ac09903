import { isOfBook } from '../shelf/book-endings.ts'

/** The books in what was dropped, folders with all that is in them; hidden and unfinished files are left out. */
export async function filesOf(entries: readonly (FileSystemEntry | null)[]): Promise<File[]> {
  const files: File[] = []
  for (const entry of entries) {
    if (entry?.isFile === true) files.push(await fileOf(entry as FileSystemFileEntry))
    else if (entry) await takeFolder(entry as FileSystemDirectoryEntry, files)
  }
  return files
}

async function takeFolder(folder: FileSystemDirectoryEntry, files: File[]): Promise<void> {
  const reader = folder.createReader()
  for (;;) {
    // A browser gives them in parts, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return
    for (const entry of some) {
      if (entry.isDirectory && !entry.name.startsWith('.'))
        await takeFolder(entry as FileSystemDirectoryEntry, files)
      else if (entry.isFile && isOfBook(entry.name))
        files.push(underPath(await fileOf(entry as FileSystemFileEntry), entry.fullPath.slice(1)))
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** As a file has it that was chosen with its folder. */
function underPath(file: File, webkitRelativePath: string): File {
  return Object.defineProperty(file, 'webkitRelativePath', { value: webkitRelativePath })
}
