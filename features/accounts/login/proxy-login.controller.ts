import { Controller, Get, Header, HttpCode, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ApiDoc, empty, Problem } from '../../http/index.js';
import { CurrentUser, MinRole, type Principal, Unlimited } from '../access/access.js';

/** As Grafana calls them. */
const GRAFANA_ROLE = { device: undefined, viewer: 'Viewer', editor: 'Editor', admin: 'Admin' } as const;

/** For a proxy in front of the service, which asks with the headers of each request who sent it. */
@MinRole('viewer')
@Controller('api/v1/auth')
export class ProxyLoginController {
  @ApiDoc({
    tag: 'People',
    summary: 'Who is logged in, for a proxy',
    description:
      'As `auth_request` of nginx asks it before Grafana. Persons only: what a key opens does not become the login of a person.',
    answers: {
      204: empty('Somebody is', {
        'X-Trapline-User': 'Name of the person',
        'X-Trapline-Role': '`Viewer`, `Editor` or `Admin`, as Grafana calls them',
      }),
    },
  })
  // One page of Grafana asks dozens of times.
  @Unlimited(true)
  @Get('proxy')
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  proxy(@CurrentUser() user: Principal, @Res({ passthrough: true }) response: Response): void {
    if (user.kind !== 'user') throw new Problem(403, 'role-too-low', 'This needs the login of a person.');
    response.set({ 'X-Trapline-User': user.name, 'X-Trapline-Role': GRAFANA_ROLE[user.role] });
  }
}
