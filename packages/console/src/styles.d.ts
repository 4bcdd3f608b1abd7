/** Style sheets are bundled by Vite, and have no value. */
declare module '*.css';
