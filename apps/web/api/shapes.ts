export interface WebSession {
  readonly user: {
    readonly kind: 'user' | 'key';
    readonly name: string;
    readonly role: 'viewer' | 'editor' | 'admin';
    readonly language: 'de' | 'en' | null;
    readonly expiresAt: string | null;
    readonly mustSetPassword: boolean;
  } | null;
  readonly station: {
    readonly version: string;
    readonly timeZone: string;
    readonly publicUrl: string | null;
    readonly grafanaUrl: string | null;
    readonly publicThumbnails: boolean;
    readonly needsFirstStart: boolean;
  };
}
