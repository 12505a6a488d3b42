/** Bounds of what may be written, so that no command can make the log or the state unreasonable. */

const SECOND = 1000;
const YEAR = 365.25 * 24 * 3600 * SECOND;

/** Shortest lease, ms. */
export const MIN_DURATION = SECOND;
/** Longest lease a policy may allow, ms. */
export const MAX_DURATION = 10 * YEAR;
/** Most leases of a dataset at once, and most renewals of a lease, that a policy may allow. */
export const MAX_CONCURRENCY = 1000;
export const MAX_RENEWALS = 1000;
/** Largest description of a dataset and facts of a run, in characters of canonical JSON. */
export const MAX_JSON = 64 * 1024;
/** Deepest nesting of them. */
export const MAX_JSON_DEPTH = 32;
/** Most leases and images of a run, and most entries of a list in a policy. */
export const MAX_LIST = 200;
/** Most members of the consortium. */
export const MAX_MEMBERS = 1000;
/** How long a vote counts, ms: 30 days. */
export const VOTE_LIFETIME = 30 * 24 * 3600 * SECOND;
/** How far the time of an envelope may be from the log's clock, ms. */
export const MAX_SKEW = 30 * SECOND;
/** Last time a `Date` can tell, ms since 1970. */
export const MAX_TIME = 8_640_000_000_000_000;
/** Last time of an entry, so that the end of the longest lease is a time as well, ms since 1970. */
export const LAST_TIME = MAX_TIME - MAX_DURATION;
