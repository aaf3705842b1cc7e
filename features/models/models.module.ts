import { type DynamicModule, Module } from '@nestjs/common';
import { SendingModule } from '../sending/index.js';
import { ModelInstallController } from './model-install.controller.js';
import { ModelInstallService } from './model-install.service.js';
import { ModelPreviewController } from './model-preview.controller.js';
import { ModelsController } from './models.controller.js';
import { Models } from './models.js';
import { PredictController } from './predict.controller.js';

/** Which models there are, and what the active one says of a picture. `Models` can be injected everywhere. */
@Module({})
export class ModelsModule {
  static forRoot(models: Models): DynamicModule {
    return {
      module: ModelsModule,
      global: true,
      imports: [SendingModule],
      // First the paths that `models/:name` would take for names.
      controllers: [ModelInstallController, ModelPreviewController, ModelsController, PredictController],
      providers: [{ provide: Models, useValue: models }, ModelInstallService],
      exports: [Models],
    };
  }
}
