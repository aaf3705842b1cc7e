import { describe, expect, it } from '@jest/globals';
import { TopicTree } from './topic-tree.js';

const treeOf = (...filters: string[]) => {
  const tree = new TopicTree<string>();
  for (const filter of filters) tree.add(filter, filter);
  return tree;
};

describe('a topic tree', () => {
  it.each([
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a//c', true],
    ['a/+/c', 'a/b/c/d', false],
    ['a/+', 'a', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'ab', false],
    ['+', 'a', true],
    ['+', '/a', false],
    ['+/+', '/a', true],
    ['#', 'a/b', true],
    ['#', '$SYS/x', false],
    ['+/x', '$SYS/x', false],
    ['$SYS/#', '$SYS/x', true],
  ])('matches %s with %s: %s', (filter, topic, isMatch) => {
    expect(treeOf(filter).find(topic)).toBe(isMatch ? filter : undefined);
  });

  it('finds the most specific of several filters', () => {
    const tree = treeOf('#', 'a/#', 'a/+/c', 'a/b/+', 'a/b/c');
    expect(tree.find('a/b/c')).toBe('a/b/c');
    expect(tree.find('a/b/x')).toBe('a/b/+');
    expect(tree.find('a/x/c')).toBe('a/+/c');
    expect(tree.find('a/x/y')).toBe('a/#');
    expect(tree.find('b')).toBe('#');
  });

  it.each(['', 'a/#/b', 'a+', 'a/b#'])('refuses %p as a filter', (filter) => {
    expect(() => treeOf(filter)).toThrow('not a topic filter');
  });

  it('refuses the same filter twice', () => {
    expect(() => treeOf('a/+', 'a/+')).toThrow('used twice');
  });
});
