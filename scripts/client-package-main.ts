/** `npm run build:client`: makes the client a package of its own. */
import { writeClientPackage } from "./client-package.js";

const FOLDER = "dist/client-package";
await writeClientPackage(FOLDER);
console.log(`The client is a package of its own in ${FOLDER}; "npm pack ./${FOLDER}" packs it.`);
