/** Messages of failures of backups and of copies to another database, part of `failureMessages`. */
export const copyFailureMessages = {
  'migrate.nothing': 'There is nothing of Nightjar in {source} to copy.',
  'migrate.occupied':
    '{target} is not empty and holds no copy of {source}: there is {detail}. Name an empty one, or empty it first.',
  'migrate.unfinished':
    'This is a copy of {source} that is not finished. Run "nightjar migrate" again to its end, then start the server.',
  'migrate.failed':
    'The copy to {target} broke off: {detail}. What is copied stays; the same command goes on from there.',
  'migrate.differs':
    'The copy in {target} is not the same as {source}: {detail} changed while nothing should have. Make sure that no server uses either, and run the same command again.',
  'backup.nothing': 'There is no nightjar.db in {folder} to back up. Set NIGHTJAR_DATA to the data folder.',
  'backup.objects':
    'The books are in {store}, which "nightjar {command}" does not reach. Back that store up, and restore it, by its own means.',
  'backup.inside':
    'A backup in the data folder itself ({folder}) would be lost with it. Choose another place.',
  'backup.occupied':
    '{folder} is not empty and holds no backup of Nightjar. Choose another folder, or empty it first.',
  'backup.failed':
    'The backup to {folder} did not come about: {detail}. What was there before is as it was; try again.',
  'restore.no-backup':
    'There is no backup of Nightjar in {folder}. Name the folder that "nightjar backup" was given.',
  'restore.occupied':
    '{folder} is not empty: there is {detail}. Set NIGHTJAR_DATA to an empty folder, or say --set-aside to have what is there put aside.',
  'restore.damaged': 'The backup in {folder} is damaged: {detail}. Nothing was changed; use an earlier one.',
  'restore.failed':
    'The backup could not be brought to {folder}: {detail}. Nothing was changed; try again when that is mended.',
} as const
