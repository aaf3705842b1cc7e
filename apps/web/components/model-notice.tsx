import type { Today } from '../../../libs/api-types/index.js';
import { may } from '../api/session.js';
import { todayWords as t } from '../texts/today.js';
import { Icon } from './icon.js';
import { Rich } from './rich.js';

/** While insects get no names, or only drawn ones do. */
export function ModelNotice({ demoModel, modelActive }: Pick<Today, 'demoModel' | 'modelActive'>) {
  if (modelActive && !demoModel) return null;
  return (
    <div class="notice demo">
      <Icon name="info" />
      <p>
        <Rich text={modelActive ? t.demoModel : t.noModel} />
      </p>
      {may('admin') && (
        <a class="btn" href="/settings/models">
          {t.installModel}
        </a>
      )}
    </div>
  );
}
