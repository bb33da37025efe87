// How long tests wait for what is to happen: as long as a busy machine may take.
export const PATIENCE_MS = 20_000
