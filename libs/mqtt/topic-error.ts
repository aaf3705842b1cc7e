type TopicErrorCode = 'bad-topic' | 'foreign-topic' | 'too-large';

const MEANING: Record<TopicErrorCode, string> = {
  'bad-topic': 'no such topic in the contract',
  'foreign-topic': 'this client may not publish on this topic',
  'too-large': 'the packet is over the size limit',
};

/** What the transport itself refuses, before any handler has seen the message. */
export class TopicError extends Error {
  constructor(readonly code: TopicErrorCode) {
    super(MEANING[code]);
    this.name = 'TopicError';
  }
}
