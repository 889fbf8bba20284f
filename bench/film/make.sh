#!/usr/bin/env bash
# Makes the difficult video from the samples: cuts, two people side by side, a frozen second, a person who leaves for two.
# Usage: bench/film/make.sh RATE FILE [SECOND]; RATE is 25, 30000/1001 or vfr, SECOND how many frames count as one (25 or 30;
# fewer for a shorter video, a multiple of 5). Four parts of six such seconds, pictures only, 640x360.
set -euo pipefail
rate=$1 file=$2
root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../..
retime=""
options=(-fps_mode passthrough)
if [ "$rate" = vfr ]; then
  # As phones do it: every fifth frame is missing, and none of the others comes quite when it should.
  rate=30000/1001
  retime=",settb=1/90000,select='not(eq(mod(n,5),3))',setpts='PTS+floor(random(1)*900)'"
  options=(-fps_mode vfr -enc_time_base 1/90000 -video_track_timescale 90000)
fi
read -r second step <<<"$([ "$rate" = 25 ] && echo 25 1/25 || echo 30 1001/30000)" # frames of a second, about; seconds of a frame
second=${3:-$second}
part=$((second * 6))
out=$((second * 3 / 2)) away=$((second * 2)) slide=$((second * 4 / 5))
gone=$((out + slide)) back=$((gone + away)) there=$((back + slide))
place="if(lt(n,$out),170,if(lt(n,$gone),170+(n-$out)*480/$slide,if(lt(n,$back),650,if(lt(n,$there),650-(n-$back)*480/$slide,170))))"
freeze="loop=loop=$((second - 1)):size=1:start=$second"
count="trim=end_frame=$part,settb=$step,setpts=N"
ffmpeg -nostdin -v error -y -stream_loop -1 -r "$rate" -i "$root/samples/head.mp4" -f lavfi -i "color=c=0x4a5a78:s=640x360:r=$rate,drawgrid=w=80:h=60:t=2:c=0x5a6a88" -filter_complex "
[0:v]split=5[a][b][c][d][e];
[a]scale=440:440,crop=440:360:0:50,pad=640:360:100:0:color=0x305848,$count[one];
[b]scale=400:400,crop=320:360:40:30,$freeze,$count[left];
[c]trim=start_frame=40,hflip,hue=h=-18:s=0.7,eq=gamma=1.15,scale=340:340,crop=320:340:10:0,pad=320:360:0:20:color=0x503040,$freeze,$count[right];
[left][right]hstack[two];
[d]scale=400:400,crop=300:360:50:30[head];
[1:v][head]overlay=x='$place':y=0,$count[three];
[e]hflip,scale=520:520,crop=520:360:0:90,pad=640:360:60:0:color=0x202020,$count[four];
[one][two][three][four]concat=n=4,settb=${step}${retime}" \
  -an -c:v libx264 -preset fast -crf 10 -pix_fmt yuv420p "${options[@]}" "$file"
