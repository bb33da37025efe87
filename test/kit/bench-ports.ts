// Where the messages of a bench come from and where they arrive; a recorder uses the same ports
// without a node of ours.
export const PEER_PORT = 25075
export const SERVER_PORT = 25070
