export const nothing = 'a module without formats';
