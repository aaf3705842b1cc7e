import { Controller, Get, Header } from '@nestjs/common';
import { MinRole, Scans } from '../accounts/index.js';
import { ApiDoc, json } from '../http/index.js';
import { EXAMPLE_FINDINGS, FINDINGS, type Findings, FindingsService } from './findings.service.js';

/** What is not as it should be, and what to do: for admins, since findings name folders and hosts. */
@MinRole('admin')
@Controller('api/v1/health')
export class FindingsController {
  constructor(private readonly findings: FindingsService) {}

  @ApiDoc({
    tag: 'Operation',
    summary: 'What the quick checks of `doctor` find',
    description:
      'The worst first, each with what to do. Looked at anew at most every 10 seconds. `doctor --deep` on the machine also reads the pictures and the whole catalog.',
    answers: { 200: json(FINDINGS, EXAMPLE_FINDINGS) },
  })
  @Scans('question')
  @Get('findings')
  @Header('Cache-Control', 'no-store')
  find(): Promise<Findings> {
    return this.findings.find();
  }
}
