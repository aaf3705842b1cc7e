;; OpenCV's `resize` with INTER_LINEAR for 8 bit RGB, in its two passes, four or eight numbers at a time.
;; Made into resize-cv2-wasm.ts by `npm run generate`. Every buffer needs 16 spare bytes behind it.
(module
  (memory (export "memory") 2)

  ;; One source row → one row of 16 bit sums: (left · w0 + right · w1) >> 4 for each target column and channel.
  (func $stretch
    (param $source i32)   ;; uint8, 3 for each source column
    (param $from i32)     ;; int32 for each target column: where its left pixel begins, in bytes
    (param $weights i32)  ;; two int16 for each target column, in 1/2048; the right one is 0 behind the last column
    (param $columns i32)
    (param $out i32)      ;; int16, 3 for each target column
    (local $end i32)
    (local.set $end (i32.add (local.get $from) (i32.shl (local.get $columns) (i32.const 2))))
    (loop $next
      (v128.store64_lane 0
        (local.get $out)
        (i16x8.narrow_i32x4_s
          (i32x4.shr_s
            (i32x4.dot_i16x8_s
              ;; bytes r g b R G B 0 … → int16 r R g G b B 0 0
              (i8x16.shuffle 0 8 3 8 1 8 4 8 2 8 5 8 8 8 8 8
                (v128.load64_zero (i32.add (local.get $source) (i32.load (local.get $from))))
                (v128.const i64x2 0 0))
              (v128.load32_splat (local.get $weights)))
            (i32.const 4))
          (v128.const i64x2 0 0)))
      (local.set $out (i32.add (local.get $out) (i32.const 6)))
      (local.set $weights (i32.add (local.get $weights) (i32.const 4)))
      (local.set $from (i32.add (local.get $from) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $end)))))

  ;; Two rows of sums → one row of bytes: ((upper · b0 >> 16) + (lower · b1 >> 16) + 2) >> 2.
  (func $blend
    (param $upper i32) (param $lower i32)
    (param $b0 i32) (param $b1 i32)  ;; in 1/2048
    (param $out i32) (param $length i32)
    (local $w0 v128) (local $w1 v128) (local $u v128) (local $l v128) (local $end i32)
    (local.set $w0 (i16x8.splat (local.get $b0)))
    (local.set $w1 (i16x8.splat (local.get $b1)))
    (local.set $end (i32.add (local.get $out) (local.get $length)))
    (loop $next
      (local.set $u (v128.load (local.get $upper)))
      (local.set $l (v128.load (local.get $lower)))
      (v128.store64_lane 0
        (local.get $out)
        (i8x16.narrow_i16x8_u
          (i16x8.shr_s
            (i16x8.add
              (i16x8.narrow_i32x4_s
                (i32x4.add
                  (i32x4.shr_s (i32x4.extmul_low_i16x8_s (local.get $u) (local.get $w0)) (i32.const 16))
                  (i32x4.shr_s (i32x4.extmul_low_i16x8_s (local.get $l) (local.get $w1)) (i32.const 16)))
                (i32x4.add
                  (i32x4.shr_s (i32x4.extmul_high_i16x8_s (local.get $u) (local.get $w0)) (i32.const 16))
                  (i32x4.shr_s (i32x4.extmul_high_i16x8_s (local.get $l) (local.get $w1)) (i32.const 16))))
              (i16x8.splat (i32.const 2)))
            (i32.const 2))
          (v128.const i64x2 0 0)))
      (local.set $upper (i32.add (local.get $upper) (i32.const 16)))
      (local.set $lower (i32.add (local.get $lower) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $out) (local.get $end)))))

  ;; All target rows. A source row is stretched once: neighbouring target rows mostly share source rows.
  (func (export "resize")
    (param $source i32)     ;; uint8 rows
    (param $row_bytes i32)
    (param $from i32) (param $weights i32) (param $columns i32)  ;; as for `stretch`
    (param $rows i32)       ;; four int32 for each target row: upper and lower source row, their weights in 1/2048
    (param $count i32)      ;; of target rows
    (param $sums0 i32) (param $sums1 i32)  ;; room for a stretched row each
    (param $out i32)
    (local $held0 i32) (local $held1 i32)  ;; the source rows that are in them
    (local $upper i32) (local $lower i32) (local $swap i32)
    (local.set $held0 (i32.const -1))
    (local.set $held1 (i32.const -1))
    (loop $next
      (local.set $upper (i32.load (local.get $rows)))
      (local.set $lower (i32.load offset=4 (local.get $rows)))
      ;; What was the lower row is mostly the upper one now.
      (if (i32.eq (local.get $upper) (local.get $held1))
        (then
          (local.set $swap (local.get $held0))
          (local.set $held0 (local.get $held1))
          (local.set $held1 (local.get $swap))
          (local.set $swap (local.get $sums0))
          (local.set $sums0 (local.get $sums1))
          (local.set $sums1 (local.get $swap))))
      (if (i32.ne (local.get $upper) (local.get $held0))
        (then
          (call $stretch
            (i32.add (local.get $source) (i32.mul (local.get $upper) (local.get $row_bytes)))
            (local.get $from) (local.get $weights) (local.get $columns) (local.get $sums0))
          (local.set $held0 (local.get $upper))))
      (if (i32.ne (local.get $lower) (local.get $held1))
        (then
          (call $stretch
            (i32.add (local.get $source) (i32.mul (local.get $lower) (local.get $row_bytes)))
            (local.get $from) (local.get $weights) (local.get $columns) (local.get $sums1))
          (local.set $held1 (local.get $lower))))
      (call $blend
        (local.get $sums0) (local.get $sums1)
        (i32.load offset=8 (local.get $rows)) (i32.load offset=12 (local.get $rows))
        (local.get $out) (i32.mul (local.get $columns) (i32.const 3)))
      (local.set $out (i32.add (local.get $out) (i32.mul (local.get $columns) (i32.const 3))))
      (local.set $rows (i32.add (local.get $rows) (i32.const 16)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $next (local.get $count)))))
