/** Frees as much space as it can when a write has failed because the disk is full. */
export interface DiskRelief {
  /** @returns whether there is space now that was not there before, so that the write may be tried once more */
  relieve(): Promise<boolean>;
}
