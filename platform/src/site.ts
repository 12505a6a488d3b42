/** The site of runs that this platform starts. Jobs there have no network, so a run asks for no egress. */
export const SITE = 'local';
