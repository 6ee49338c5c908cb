/** pdf.js reads the file here, beside the page. */
import 'pdfjs-dist/build/pdf.worker.mjs';
