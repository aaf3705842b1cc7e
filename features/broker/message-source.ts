/** Token of the broker that messages come from, a `MessageSource`; not provided where no messages are taken. */
export const MESSAGE_SOURCE = Symbol('MESSAGE_SOURCE');
