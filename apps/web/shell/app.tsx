import { useEffect, useState } from 'preact/hooks';
import lazy from 'preact-iso/lazy';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router';
import { startEvents } from '../api/events.js';
import type { ApiProblem } from '../api/problem.js';
import { findSession, me, session } from '../api/session.js';
import { Failed } from '../components/failed.js';
import { loadLabels } from '../components/names.js';
import { FirstStart } from '../pages/log-in/first-start.js';
import { LogIn } from '../pages/log-in/log-in.js';
import { NotFound } from '../pages/not-found.js';
import { language } from '../texts/words.js';
import { Keys } from './keys.js';
import { BottomBar, Sidebar, useQuestions } from './navigation.js';
import { SkipLink } from './page.js';
import { reviewLink } from './pages.js';
import { Toasts } from './toast.js';

const Today = lazy(() => import('../pages/today/today.js').then((page) => page.Today));
const Gallery = lazy(() => import('../pages/gallery/gallery.js').then((page) => page.Gallery));
const Run = lazy(() => import('../pages/run/run.js').then((page) => page.Run));
const Traps = lazy(() => import('../pages/traps/traps.js').then((page) => page.Traps));
const OneTrap = lazy(() => import('../pages/traps/trap.js').then((page) => page.OneTrap));
const NewTrap = lazy(() => import('../pages/traps/new-trap.js').then((page) => page.NewTrap));
const Activity = lazy(() => import('../pages/activity/activity.js').then((page) => page.Activity));
const Season = lazy(() => import('../pages/season/season.js').then((page) => page.Season));
const Downloads = lazy(() => import('../pages/downloads/downloads.js').then((page) => page.Downloads));
const Settings = lazy(() => import('../pages/settings/settings.js').then((page) => page.Settings));
const SharedRun = lazy(() => import('../pages/shared/shared.js').then((page) => page.SharedRun));

/** The page: who is not logged in sees the log-in, wherever they wanted to go, and goes on there. */
export function App() {
  const [problem, setProblem] = useState<ApiProblem>();
  const find = () => {
    setProblem(undefined);
    findSession().catch(setProblem);
  };
  useEffect(find, []);
  useEffect(() => {
    document.documentElement.lang = language.value;
  }, [language.value]);
  return (
    <LocationProvider>{problem ? <Failed error={problem} onRetry={find} /> : <Inside />}</LocationProvider>
  );
}

function Inside() {
  const { path } = useLocation();
  if (path === '/first-start' && location.hash) return <FirstStart />;
  if (path.startsWith('/shared/'))
    return <Router>{[<Route path="/shared/:token" component={SharedRun} />]}</Router>;
  if (!session.value) return null;
  if (!me.value) return <LogIn />;
  return me.value.mustSetPassword ? <FirstStart /> : <Pages />;
}

function Pages() {
  const questions = useQuestions();
  useEffect(() => {
    startEvents();
    // Names that answers hold themselves do not wait for these.
    loadLabels().catch(() => {});
  }, []);
  return (
    <>
      <SkipLink />
      <Sidebar questions={questions} />
      <Router onLoadEnd={focusPage}>
        <Route path="/" component={Today} />
        <Route path="/gallery" component={Gallery} />
        <Route path="/runs/:trapId/:runId" component={Run} />
        <Route path="/review" component={ToReview} />
        <Route path="/activity" component={Activity} />
        <Route path="/season" component={Season} />
        <Route path="/traps" component={Traps} />
        <Route path="/add-trap" component={NewTrap} />
        <Route path="/traps/:trapId" component={OneTrap} />
        <Route path="/downloads" component={Downloads} />
        <Route path="/settings/:part?" component={Settings} />
        <Route default component={NotFound} />
      </Router>
      <BottomBar questions={questions} />
      <Keys />
      <Toasts />
    </>
  );
}

/** What needs a person is in the gallery. */
function ToReview() {
  const { route } = useLocation();
  useEffect(() => route(reviewLink(), true), []);
  return null;
}

/** Who cannot see the page hears its title when another one is opened. */
function focusPage(): void {
  if (document.activeElement === document.body) document.getElementById('main')?.focus();
}
