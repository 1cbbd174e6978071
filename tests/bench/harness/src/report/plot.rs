//! Lines on logarithmic axes: one decade is as long on either, so where cost grows as the size does, a line goes up at
//! forty-five degrees.

use std::fmt::Write;

/// One line.
pub struct Line {
    /// Its name.
    pub name: String,
    /// Sizes and values, all above zero.
    pub points: Vec<(f64, f64)>,
}

/// Where the lines are, in the picture's units.
const LEFT: f64 = 80.0;
const TOP: f64 = 60.0;
/// How long a decade is.
const DECADE: f64 = 120.0;
const COLOURS: [&str; 4] = ["#1f6f8b", "#b5482a", "#6b7f2a", "#6a4c93"];

/// A picture, as SVG; `across` and `up` say what the axes are.
pub fn plot(title: &str, (across, up): (&str, &str), lines: &[Line]) -> String {
    let points = || lines.iter().flat_map(|line| &line.points);
    let x = Axis::over(points().map(|(x, _)| *x));
    let y = Axis::over(points().map(|(_, y)| *y));
    let (right, bottom) = (LEFT + x.length(), TOP + y.length());
    let (width, height) = (right + 60.0, bottom + 60.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"15\">{title}</text>\n<text x=\"{LEFT}\" y=\"46\" fill=\"#555\">{up}</text>\n"
    );
    // Writing to a string cannot fail.
    for (tick, place) in x.ticks() {
        let at = LEFT + place;
        let _ = writeln!(svg, "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{bottom:.1}\" stroke=\"#ddd\"/>");
        let _ = writeln!(svg, "<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{tick}</text>", bottom + 18.0);
    }
    for (tick, place) in y.ticks() {
        let at = bottom - place;
        let _ = writeln!(svg, "<line x1=\"{LEFT}\" x2=\"{right:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/>");
        let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{tick}</text>", LEFT - 8.0, at + 4.0);
    }
    for (line, colour) in lines.iter().zip(COLOURS) {
        let at: Vec<_> = line.points.iter().map(|(px, py)| (LEFT + x.place(*px), bottom - y.place(*py))).collect();
        let joined: Vec<_> = at.iter().map(|(px, py)| format!("{px:.1},{py:.1}")).collect();
        let path = joined.join(" ");
        let _ = writeln!(svg, "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{path}\"/>");
        for (px, py) in &at {
            let _ = writeln!(svg, "<circle cx=\"{px:.1}\" cy=\"{py:.1}\" r=\"3.5\" fill=\"{colour}\"/>");
        }
    }
    for (number, (line, colour)) in lines.iter().zip(COLOURS).enumerate() {
        let y = TOP + 18.0 * (number + 1) as f64;
        let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{y:.1}\" fill=\"{colour}\">{}</text>", LEFT + 10.0, line.name);
    }
    let middle = f64::midpoint(LEFT, right);
    let _ = writeln!(svg, "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{across}</text>", height - 16.0);
    svg + "</svg>\n"
}

/// Whole decades that hold all values.
struct Axis {
    first: i32,
    last: i32,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>) -> Self {
        let logarithms: Vec<f64> = values.filter(|value| *value > 0.0).map(f64::log10).collect();
        let least = logarithms.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if least > greatest {
            return Self { first: 0, last: 1 };
        }
        let first = least.floor() as i32;
        Self { first, last: (greatest.ceil() as i32).max(first + 1) }
    }

    fn length(&self) -> f64 {
        f64::from(self.last - self.first) * DECADE
    }

    fn place(&self, value: f64) -> f64 {
        (value.log10() - f64::from(self.first)) * DECADE
    }

    fn ticks(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        (self.first..=self.last).map(|power| (10_f64.powi(power), f64::from(power - self.first) * DECADE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_growth_goes_up_at_forty_five_degrees() {
        let line = Line { name: "ours".into(), points: vec![(10.0, 1.0), (1000.0, 100.0)] };
        let svg = plot("t", ("x", "y"), &[line]);
        assert!(svg.contains("points=\"80.0,300.0 320.0,60.0\""), "{svg}");
    }

    #[test]
    fn an_empty_picture_is_one() {
        assert!(plot("t", ("x", "y"), &[]).ends_with("</svg>\n"));
    }
}
