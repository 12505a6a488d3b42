// Prepares the data folder of an empty database, from which new ones are made in a moment.
import { prepareDataFolder } from '../dist/db/data-folder.js';

await prepareDataFolder();
