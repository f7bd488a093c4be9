// vite makes files of style sheets that modules name.
declare module '*.css';
