// Unpacks the browser of the package into the directory named by TMPDIR and prints where it is.
import chromium from "@sparticuz/chromium";
console.log(await chromium.executablePath());
