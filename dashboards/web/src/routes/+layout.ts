/** Every page is a file. What is in it comes from the API, in the browser. */
export const prerender = true;
