// esbuild puts what is imported like this into the page's style sheet.
declare module '*.css';
